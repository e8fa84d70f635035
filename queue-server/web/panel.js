/* What is asked before a command goes out: a panel over the page. It stays until the server has agreed or somebody leaves
 * it, and tells what the server said beside what was pressed; the focus goes back to where it was. */
import { Notice } from './commands.js';
import { keyOf } from './keys.js';
import { Modal } from './modal.js';
import { html, Key, useEffect, useRef, useState } from './parts.js';
import { Sending } from './sending.js';
import { say } from './words.js';

/* buttons: [{label, key, off, onPress}]; Enter presses the first. The one to leave is added here. */
export function Panel({ id, title, commands, buttons = [], leave, onClose, children }) {
    const press = (button) => button && !button.off && !commands.busy && button.onPress();
    const onKey = (event) => {
        if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
        const inText = event.target.closest('input, textarea, select');
        const enters = event.key === 'Enter' && !event.shiftKey && !event.target.closest('button, a');
        const button = enters ? buttons[0] : !inText && buttons.find(({ key }) => key === keyOf(event));
        if (!button) return;
        event.preventDefault();
        if (!event.repeat) press(button);
    };
    const about = commands.notice && commands.notice.at === id ? commands.notice : null;
    return html`<${Modal} kind="dialog panel" titled=${`${id}-title`} onClose=${onClose} onKeyDown=${onKey}>
        <h2 id=${`${id}-title`}>${title}</h2>
        ${children}
        <div class="actions">
            ${buttons.map((button, index) => html`<button type="button" key=${button.label} aria-disabled=${Boolean(button.off || commands.busy)}
                class=${`${index === 0 ? 'primary' : ''} ${button.off ? 'off' : ''} ${commands.busy ? 'busy' : ''}`}
                aria-describedby=${about ? 'notice' : null} onClick=${(event) => event.detail < 2 && press(button)}>
                <span class="label">${button.label} <${Key}>${button.key}<//></span></button>`)}
            <button type="button" onClick=${onClose}><span class="label">${leave || say('Cancel')} <${Key}>Esc<//></span></button>
        </div>
        ${about && html`<${Notice} notice=${about} />`}
        <${Sending} ...${commands} />
    <//>`;
}

/* The chosen one of a list that may change while somebody reads it: it is held by its id, so that Enter never means another.
 * option is null once it is gone, until another is chosen. */
export function useChosen(options) {
    const chosen = useRef(null);
    const [, redraw] = useState(0);
    if (chosen.current === null && options.length > 0) chosen.current = options[0].id;
    const index = options.findIndex(({ id }) => id === chosen.current);
    const set = (id) => {
        chosen.current = id;
        redraw((count) => count + 1);
    };
    const onKey = (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step || options.length === 0) return;
        event.preventDefault();
        set(options[index < 0 ? 0 : (index + step + options.length) % options.length].id);
    };
    return { index, option: options[index] || null, set, first: () => set(null), onKey };
}

/* A list to choose from; its keys are those of whatever has the focus (a field above it, or the list itself). */
export function Options({ id, label, options, chosen, onPick, focused }) {
    const list = useRef(null);
    useEffect(() => {
        const option = list.current.querySelector('[aria-selected="true"]');
        if (option) option.scrollIntoView({ block: 'nearest' });
    }, [chosen.index]);
    useEffect(() => {
        if (focused) list.current.focus();
    }, []);
    return html`<ul id=${id} ref=${list} role="listbox" aria-label=${label} tabindex=${focused ? 0 : null}
        aria-activedescendant=${focused && chosen.option ? `${id}-${chosen.option.id}` : null} onKeyDown=${focused ? chosen.onKey : null}>
        ${options.map((option, index) => html`<li key=${option.id} id=${`${id}-${option.id}`} role="option" aria-selected=${index === chosen.index}
            onClick=${() => onPick(option)}>${option.content}</li>`)}
    </ul>`;
}

/* The field that narrows such a list down. */
export function Finder({ id, label, list, typed, onType, chosen }) {
    return html`<label>${label}
        <input id=${id} type="text" autocomplete="off" spellcheck="false" autofocus role="combobox" aria-expanded="true" aria-controls=${list}
            aria-autocomplete="list" aria-activedescendant=${chosen.option ? `${list}-${chosen.option.id}` : null} value=${typed}
            onInput=${(event) => { onType(event.target.value); chosen.first(); }} onKeyDown=${chosen.onKey} /></label>`;
}

/* A few reasons, each with its digit; arrows move among them. first: Enter takes the first one at once. */
export function Reasons({ label, reasons, commands, onChoose, first }) {
    const box = useRef(null);
    useEffect(() => {
        (first ? box.current.querySelector('button') : box.current).focus();
    }, []);
    const choose = (code) => !commands.busy && onChoose(code);
    const onKey = (event) => {
        const digit = reasons[Number(event.key) - 1];
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (digit && !event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey) {
            event.preventDefault();
            choose(digit.code);
        } else if (step) {
            event.preventDefault();
            const all = [...box.current.querySelectorAll('button')];
            const at = all.indexOf(document.activeElement);
            all[at < 0 ? 0 : (at + step + all.length) % all.length].focus();
        } else if (event.repeat && (event.key === 'Enter' || event.key === ' ')) {
            event.preventDefault(); /* the key that opened the panel is held down still */
        }
    };
    return html`<div ref=${box} class="reasons" role="group" aria-label=${label} tabindex="-1" onKeyDown=${onKey}>
        ${reasons.map(({ code, words }, index) => html`<button type="button" key=${code} class=${commands.busy ? 'busy' : ''} aria-disabled=${Boolean(commands.busy)}
            onClick=${(event) => event.detail < 2 && choose(code)}><span class="label"><${Key}>${index + 1}<//> ${words}</span></button>`)}
    </div>`;
}

/* What somebody typed, as the server takes it: no control characters but the line's end, no half letters. */
export function typedText(text) {
    const whole = text.toWellFormed ? text.toWellFormed() : text;
    return whole.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ').trim();
}
