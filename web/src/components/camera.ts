import { html, nothing } from 'lit-html';
import { openModal } from '../app/modal';
import { redraw } from '../app/redraw';

/** Takes a picture with the camera; undefined when the user cancels. */
export async function takePicture(): Promise<File | undefined> {
  let stream: MediaStream | null = null;
  let failure: string | null = null;
  let isOver = false;

  const start = async (): Promise<void> => {
    try {
      if (!navigator.mediaDevices)
        throw new DOMException('', 'NotSupportedError');
      const opened = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'user', width: { ideal: 1280 } } });
      if (isOver)
        return opened.getTracks().forEach((track) => track.stop());
      stream = opened;
    } catch (thrown) {
      failure = reasonOf(thrown);
    }
    redraw();
  };
  void start();

  const file = await openModal<File>('Camera', (close) => html`
    <div class="stack">
      <h2>Camera</h2>
      ${failure
        ? html`<div class="notice bad" role="alert"><p>${failure}</p></div>`
        : html`<video class="camera" autoplay muted playsinline .srcObject=${stream} aria-label="What the camera sees"></video>`}
      <div class="row end">
        <button type="button" class="button" @click=${() => close()}>Cancel</button>
        ${failure ? nothing : html`<button type="button" class="button primary" ?disabled=${!stream} autofocus
          @click=${async (event: Event) => close(await photograph((event.target as HTMLElement).closest('dialog')!.querySelector('video')!))}>Take the picture</button>`}
      </div>
    </div>`);
  isOver = true;
  (stream as MediaStream | null)?.getTracks().forEach((track) => track.stop());
  return file;
}

async function photograph(video: HTMLVideoElement): Promise<File> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')!.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.95));
  return new File([blob!], 'camera.jpg', { type: 'image/jpeg' });
}

function reasonOf(thrown: unknown): string {
  const name = thrown instanceof DOMException ? thrown.name : '';
  if (name === 'NotAllowedError')
    return 'The browser does not allow this page to use the camera. Allow it beside the address, and try again.';
  if (name === 'NotFoundError')
    return 'There is no camera on this device.';
  if (name === 'NotSupportedError')
    return 'Browsers allow the camera only on https and on localhost.';
  return 'The camera does not answer. Close other programs that use it, and try again.';
}
