/* The forms of signing in and of choosing a password: on their own pages, and in the dialog over a page whose session
 * ended. Managers of passwords may fill them in and anything may be pasted (ASVS 2.1.11); no letters are asked for that
 * nobody remembers (ASVS 2.1.9). */
import { html, useEffect, useRef, useState } from './html.js';
import { changePassword, signIn } from './session.js';
import { mark, say } from './words.js';

const PASSWORD_MIN = 12; /* ASVS 2.1.1 */
const PASSWORD_GOOD = 16;

/* Letters as people count them. */
const lettersIn = (text) => Array.from(text.normalize('NFC')).length;

/* What went wrong, and what can be done. */
export function whyNot(result) {
    if (result.code === 'unreachable') return say('The queue server cannot be reached. Check the connection, then try again.');
    if (result.code === 'csrf') return say('This page is from before. Load it again, then try once more.');
    return result.detail ? say(result.detail) : say('That did not work. Try again.');
}

/* A label, a field, and what is to be known of it. */
export function Field({ label, hint, id, type = 'text', value, onValue, error, beside = null, autofocus = false, ...rest }) {
    const input = useRef(null);
    useEffect(() => {
        if (autofocus) input.current.focus(); /* browsers do it once a page, and forms come and go on it */
    }, []);
    return html`<div class="field">
        <label for=${id}>${label}</label>
        ${hint && html`<p class="soft hint" id=${`${id}-hint`}>${hint}</p>`}
        <div class="beside"><input ref=${input} id=${id} type=${type} value=${value} onInput=${(event) => onValue(event.target.value)}
            aria-invalid=${Boolean(error)} aria-describedby=${[hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || null}
            autofocus=${autofocus} ...${rest} />${beside}</div>
        ${error && html`<p class="wrong" id=${`${id}-error`}>${error}</p>`}
    </div>`;
}

/* A password's field: it can be shown, and says when Caps Lock is on. */
function PasswordField({ id, label, ...rest }) {
    const [shown, setShown] = useState(false);
    const [caps, setCaps] = useState(false);
    const look = (event) => event.getModifierState && setCaps(event.getModifierState('CapsLock'));
    return html`<div class="secret" onKeyDown=${look} onKeyUp=${look}>
        <${Field} id=${id} label=${label} type=${shown ? 'text' : 'password'} dir="ltr" spellcheck=${false} autocapitalize="off" ...${rest}
            beside=${html`<button type="button" class="small-button" aria-pressed=${shown} aria-controls=${id} onClick=${() => setShown(!shown)}>${say('Show password')}</button>`} />
        <p class="caps" role="status">${caps && say('Caps Lock is on.')}</p>
    </div>`;
}

/* Told to wait: how many seconds still, and whether that is over. */
function useWait() {
    const [until, setUntil] = useState(0);
    const [, tick] = useState(0);
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    useEffect(() => {
        if (left === 0) return undefined;
        const timer = setTimeout(() => tick((count) => count + 1), 250);
        return () => clearTimeout(timer);
    });
    return { left, isOver: until > 0 && left === 0, wait: (seconds) => setUntil(seconds > 0 ? Date.now() + seconds * 1000 : 0) };
}

/* Said once; then the seconds run in sight, without being read out each time. */
function Waiting({ left, isOver }) {
    if (isOver) return html`<p class="notice" role="status">${say('You can try again now.')}</p>`;
    if (left === 0) return null;
    return html`<p class="notice warn" role="alert">${say('Too many wrong tries. Wait a little, then try again.')}
        <span class="why" aria-hidden="true">${left > 1 ? say('{seconds} seconds to go.', { seconds: left }) : say('One second to go.')}</span></p>`;
}

export function Wrong({ text }) {
    return html`<div role="alert">${text && html`<p class="notice warn">${text}</p>`}</div>`;
}

/* name: whose password it has to be, when that is known. onDone(session document, password). */
export function SignInForm({ name = '', onDone, children }) {
    const [typed, setTyped] = useState(name);
    const [password, setPassword] = useState('');
    const [why, setWhy] = useState('');
    const [busy, setBusy] = useState(false);
    const [empty, setEmpty] = useState('');
    const form = useRef(null);
    const wait = useWait();
    const submit = async (event) => {
        event.preventDefault();
        if (busy || wait.left > 0) return;
        const missing = !typed.trim() ? 'name' : !password ? 'password' : '';
        setEmpty(missing);
        if (missing) {
            form.current.querySelector(`[name="${missing}"]`).focus();
            return;
        }
        setBusy(true);
        setWhy('');
        const result = await signIn(typed.trim(), password);
        setBusy(false);
        if (result.ok) {
            onDone(result.session, password);
            return;
        }
        const isTold = result.status === 429;
        wait.wait(isTold ? Math.max(1, result.retryS) : 0);
        setWhy(isTold ? '' : whyNot(result));
        if (result.code === 'wrong-password') form.current.querySelector('[name="password"]').select();
    };
    return html`<form ref=${form} class="form" onSubmit=${submit} novalidate>
        <${Field} id="sign-in-name" name="name" label=${say('Name')} value=${typed} onValue=${setTyped} autocomplete="username" autocapitalize="off"
            spellcheck=${false} dir="auto" readonly=${Boolean(name)} autofocus=${!name} error=${empty === 'name' && say('Type the name you sign in with.')} />
        <${PasswordField} id="sign-in-password" name="password" label=${say('Password')} value=${password} onValue=${setPassword}
            autocomplete="current-password" autofocus=${Boolean(name)} error=${empty === 'password' && say('Type your password.')} />
        <${Wrong} text=${why} />
        <${Waiting} ...${wait} />
        <div class="actions"><button type="submit" class=${`primary ${busy ? 'busy' : ''} ${wait.left > 0 ? 'off' : ''}`}
            aria-disabled=${busy || wait.left > 0}>${say('Sign in')}</button>${children}</div>
    </form>`;
}

const STRENGTHS = [
    mark('Too short yet: it needs {count} letters more.'), mark('Too short yet: it needs one letter more.'),
    mark('Long enough.'), mark('Long: very good.'),
];

function strength(password) {
    const count = PASSWORD_MIN - lettersIn(password);
    if (count > 1) return say(STRENGTHS[0], { count });
    if (count === 1) return say(STRENGTHS[1]);
    return say(lettersIn(password) < PASSWORD_GOOD ? STRENGTHS[2] : STRENGTHS[3]);
}

/* A password that is to be one's own: what makes a good one, and how far it is. */
export function NewPasswordField({ id = 'new-password', label, value, onValue, error, autofocus }) {
    return html`<${PasswordField} id=${id} name="new_password" label=${label} value=${value} onValue=${onValue} autocomplete="new-password"
            error=${error} autofocus=${autofocus}
            hint=${say('At least 12 letters, the longer the better. Four words that come to your mind, with spaces, are good and easy to remember. You may paste it.')} />
        <p class="strength soft" role="status">${value && strength(value)}</p>`;
}

export function tooShort(password) {
    return lettersIn(password) < PASSWORD_MIN ? say('A password has at least 12 letters.') : '';
}

/* current: the password so far, where it has just been typed. onDone(session document). */
export function NewPasswordForm({ current = '', name = '', onDone, children }) {
    const [old, setOld] = useState(current);
    const [fresh, setFresh] = useState('');
    const [errors, setErrors] = useState({});
    const [why, setWhy] = useState('');
    const [busy, setBusy] = useState(false);
    const wait = useWait();
    const submit = async (event) => {
        event.preventDefault();
        if (busy || wait.left > 0) return;
        const found = { old: old ? '' : say('Type your password so far.'), fresh: tooShort(fresh) };
        setErrors(found);
        setWhy('');
        if (found.old || found.fresh) return;
        setBusy(true);
        const result = await changePassword(old, fresh);
        setBusy(false);
        if (result.ok) {
            setOld('');
            setFresh('');
            onDone(result.session);
            return;
        }
        wait.wait(result.status === 429 ? Math.max(1, result.retryS) : 0);
        if (result.code === 'wrong-password') setErrors({ old: say('That is not your password so far. Look at Caps Lock, and try again.') });
        else if (result.status === 422) setErrors({ fresh: whyNot(result) });
        else if (result.status !== 429) setWhy(whyNot(result));
    };
    return html`<form class="form" onSubmit=${submit} novalidate>
        <input type="text" name="username" autocomplete="username" value=${name} hidden readonly />
        ${!current && html`<${PasswordField} id="old-password" name="password" label=${say('Your password so far')} value=${old} onValue=${setOld}
            autocomplete="current-password" error=${errors.old} />`}
        <${NewPasswordField} label=${say('Your new password')} value=${fresh} onValue=${setFresh} error=${errors.fresh} autofocus=${Boolean(current)} />
        <${Wrong} text=${why || (current && errors.old)} />
        <${Waiting} ...${wait} />
        <div class="actions"><button type="submit" class=${`primary ${busy ? 'busy' : ''}`} aria-disabled=${busy || wait.left > 0}>${say('Change the password')}</button>${children}</div>
    </form>`;
}
