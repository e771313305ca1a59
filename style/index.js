import './variables.css';
import './base.css';
import './card.css';
import './panel.css';
import './bar.css';
import './overview.css';
