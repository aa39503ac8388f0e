import './styles/base.css';
import './styles/frame.css';
import './styles/layout.css';
import './styles/controls.css';
import './styles/feedback.css';
import './styles/content.css';
import './styles/pictures.css';
import './styles/search.css';
import './styles/faces.css';
import './styles/plot.css';
import './styles/phone.css';
import './components/crop';
import { applyTheme } from './app/theme';
import { startPage } from './shell';

applyTheme();
void startPage(document.getElementById('page')!, document.getElementById('status')!);
