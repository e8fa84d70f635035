/* A dialog over the page: gone, it gives the focus back to where the work was left. */
import { useEffect, useRef } from './html.js';

export function useModal() {
    const dialog = useRef(null);
    useEffect(() => {
        const [shown, before] = [dialog.current, document.activeElement];
        shown.showModal();
        return () => {
            shown.close(); /* or nothing behind it takes the focus; it gives it back only while it stands in the page */
            if (before && before.isConnected && before !== document.body) before.focus();
        };
    }, []);
    return dialog;
}
