/**
 * Let the page do what else there is to do, and go on in a task of its own.
 * Unlike a timer, a message is not held back in a page that nobody looks at.
 */
export function nextTask(): Promise<void> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
