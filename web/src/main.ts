import './styles/base.css';
import './styles/controls.css';
import './styles/views.css';
import './components/crop';
import { applyTheme } from './app/theme';
import { startPage } from './shell';

applyTheme();
void startPage(document.getElementById('page')!, document.getElementById('status')!);
