/**
 * A file imported with the `?raw` query is its text, as the bundler
 * (`webpack.config.cjs`) and the test runner (Vite) both give it.
 */
declare module '*?raw' {
  const text: string;
  export default text;
}
