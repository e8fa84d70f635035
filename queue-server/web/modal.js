/* A dialog over the page: gone, it gives the focus back to where the work was left. */
import { html, useLayoutEffect, useRef } from './html.js';
import { LostStrip } from './lost-strip.js';

export function useModal() {
    const dialog = useRef(null);
    useLayoutEffect(() => { /* open before anything in it asks for the focus */
        const [shown, before] = [dialog.current, document.activeElement];
        shown.showModal();
        return () => {
            shown.close(); /* or nothing behind it takes the focus; it gives it back only while it stands in the page */
            if (before && before.isConnected && before !== document.body) before.focus();
        };
    }, []);
    return dialog;
}

/* The dialog of all pages: Escape is onClose's to answer, and what is to be said at any time is said in it. titled: the id
 * of its title. */
export function Modal({ kind = 'dialog', titled, onClose, children, ...rest }) {
    const dialog = useModal();
    return html`<dialog ref=${dialog} class=${`card ${kind}`} aria-labelledby=${titled} onCancel=${(event) => { event.preventDefault(); onClose(); }} ...${rest}>
        <${LostStrip} />
        ${children}
    </dialog>`;
}
