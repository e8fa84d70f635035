/* A dialog over the page: a question before what cannot be taken back, or a small form. Escape leaves it, unless it shows
 * what is shown only once. */
import { html } from './html.js';
import { useModal } from './modal.js';
import { Wrong } from './sign-in-form.js';
import { say } from './words.js';

export function Dialog({ title, onClose, stays = false, children }) {
    const dialog = useModal();
    return html`<dialog ref=${dialog} class="card dialog" aria-labelledby="dialog-title"
        onCancel=${(event) => { event.preventDefault(); if (!stays) onClose(); }}>
        <h2 id="dialog-title">${title}</h2>
        ${children}
    </dialog>`;
}

export function Question({ title, text, yes, busy, why, onYes, onClose }) {
    return html`<${Dialog} title=${title} onClose=${onClose}>
        <p>${text}</p>
        <${Wrong} text=${why} />
        <div class="actions">
            <button type="button" class=${`primary ${busy ? 'busy' : ''}`} aria-disabled=${Boolean(busy)} onClick=${() => busy || onYes()}>${yes}</button>
            <button type="button" autofocus onClick=${onClose}>${say('Cancel')}</button>
        </div><//>`;
}
