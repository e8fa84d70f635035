/* What every page shows when its session is lost: a strip that stays, and a dialog to sign in again over the page, which
 * stays as it is. Escape puts the dialog away, so that the page can be read; the strip or the next command brings it back. */
import { html, useState } from './html.js';
import { LostStrip, shownName } from './lost-strip.js';
import { useModal } from './modal.js';
import { askToSignIn, useSession } from './session.js';
import { NewPasswordForm, SignInForm } from './sign-in-form.js';
import { say } from './words.js';

function Heading({ lost, other }) {
    if (lost === 'other') {
        const values = { name: shownName(other) };
        return html`<h2 id="lost-title">${say('{name} has signed in in this browser', values)}</h2>
            <p>${say('What you do on this page would be done in the name of {name}, so it waits. Sign in yourself to go on.', values)}</p>`;
    }
    return html`<h2 id="lost-title">${say('You are signed out')}</h2>
        <p>${say('Nothing is lost: this page stays as it is, and what you did last is done once you have signed in again.')}</p>`;
}

function SignInAgain({ session }) {
    const dialog = useModal();
    const [typed, setTyped] = useState(''); /* a one-time password: a new one has to follow */
    const { lost, other, person } = session;
    const close = () => askToSignIn(false);
    const elsewhere = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
    return html`<dialog ref=${dialog} class="card dialog" aria-labelledby="lost-title" onCancel=${(event) => { event.preventDefault(); close(); }}>
        ${typed ? html`<h2 id="lost-title">${say('Choose a new password')}</h2>
            <p>${say('The one you were given is good for signing in once.')}</p>
            <${NewPasswordForm} current=${typed} name=${person.name} onDone=${() => setTyped('')} />`
            : html`<${Heading} lost=${lost} other=${other} />
            <${SignInForm} name=${person.name} onDone=${(next, password) => next.person.must_change && setTyped(password)}>
                <button type="button" onClick=${close}>${say('Not now')}</button><//>`}
        ${lost === 'other' ? html`<p><a href=${location.href}>${say('Load this page for {name}', { name: shownName(other) })}</a></p>`
            : html`<p><a href=${elsewhere}>${say('I am somebody else')}</a></p>`}
    </dialog>`;
}

export function Lost() {
    const session = useSession();
    return html`<${LostStrip} />${session.lost && session.isAsking && html`<${SignInAgain} session=${session} />`}`;
}
