import type { TemplateResult } from 'lit-html';
import type { FolderFile } from '../logic/archive';

/** One view of the page. A view keeps its state while another is shown. */
export interface View {
  title: string;
  render(): TemplateResult;
  /** Called when the view is shown, or when its id changes. */
  enter?(id: string | null): void;
  leave?(): void;
  /** Called when files are pasted, or dropped beside the drop zone. */
  take?(files: FolderFile[]): void;
}
