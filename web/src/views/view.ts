import type { TemplateResult } from 'lit-html';
import type { FolderFile } from '../logic/archive';

/** One page of the page. Views keep their state while another is shown. */
export interface View {
  title: string;
  render(): TemplateResult;
  /** The view comes into sight, or another id of it does. */
  enter?(id: string | null): void;
  leave?(): void;
  /** Files were pasted, or dropped beside the drop zone. */
  take?(files: FolderFile[]): void;
}
