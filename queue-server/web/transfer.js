/* To which service does this visitor go on? Typing narrows the list, arrows move in it, Enter sends, Escape leaves. */
import { html, Key, useEffect, useRef, useState } from './parts.js';
import { say } from './words.js';

export function Transfer({ number, services, busy, onChoose, onClose }) {
    const dialog = useRef(null);
    const [typed, setTyped] = useState('');
    const [at, setAt] = useState(0);
    useEffect(() => {
        dialog.current.showModal();
    }, []);
    const wanted = typed.trim().toLocaleLowerCase();
    const found = services.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
    const chosen = Math.min(at, found.length - 1);
    useEffect(() => {
        const option = dialog.current.querySelector('[aria-selected="true"]');
        if (option) option.scrollIntoView({ block: 'nearest' });
    }, [chosen]);
    const choose = (service) => service && !busy && onChoose(service.code);
    const onKey = (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step && found.length > 0) {
            event.preventDefault();
            setAt((chosen + step + found.length) % found.length);
        } else if (event.key === 'Enter' && !event.isComposing) {
            event.preventDefault();
            if (!event.repeat) choose(found[chosen]);
        }
    };
    return html`<dialog ref=${dialog} class="card dialog" aria-labelledby="transfer-title"
        onCancel=${(event) => { event.preventDefault(); onClose(); }}>
        <h2 id="transfer-title">${say('Send {number} on to which service?', { number })}</h2>
        <label>${say('Find a service')}
            <input type="text" autocomplete="off" autofocus role="combobox" aria-expanded="true" aria-controls="transfer-list" aria-autocomplete="list"
                aria-activedescendant=${found.length > 0 ? `transfer-${found[chosen].code}` : null} value=${typed}
                onInput=${(event) => { setTyped(event.target.value); setAt(0); }} onKeyDown=${onKey} /></label>
        <ul id="transfer-list" role="listbox" aria-label=${say('Service')}>
            ${found.map((service, index) => html`<li key=${service.code} id=${`transfer-${service.code}`} role="option" aria-selected=${index === chosen}
                onClick=${() => choose(service)}>${service.name}</li>`)}
        </ul>
        ${found.length === 0 && html`<p class="soft" role="status">${say('No service has this name.')}</p>`}
        <div class="actions">
            <button type="button" class=${`primary ${found.length === 0 ? 'off' : ''} ${busy ? 'busy' : ''}`} aria-disabled=${found.length === 0 || busy}
                onClick=${() => choose(found[chosen])}><span class="label">${say('Send on')} <${Key}>${say('Enter')}<//></span></button>
            <button type="button" onClick=${onClose}><span class="label">${say('Cancel')} <${Key}>Esc<//></span></button>
        </div>
    </dialog>`;
}
