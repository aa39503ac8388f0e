import './styles/base.css';
import './styles/controls.css';
import './styles/views.css';
import './parts/crop';
import { startPage } from './app/shell';
import { applyTheme } from './app/theme';

applyTheme();
void startPage(document.getElementById('page')!, document.getElementById('status')!);
