/* That the session is lost, and the way to sign in again: beneath the bar of every page, and in every dialog over it, for
 * behind a dialog nothing is reached or read out. */
import { html } from './html.js';
import { askToSignIn, useSession } from './session.js';
import { say } from './words.js';

export const shownName = (person) => person.display || person.name;

export function LostStrip() {
    const { lost, other } = useSession();
    const { lang, dir } = document.documentElement; /* a dialog may be in a visitor's language */
    return html`<div class="lost-strip" role="alert" lang=${lang} dir=${dir}>${lost && html`<div class="lost">
        <p><strong>${lost === 'other' ? say('{name} has signed in in this browser', { name: shownName(other) }) : say('You are signed out')}</strong>
            ${lost === 'ended' && html` ${say('This page stands still until you have signed in again.')}`}</p>
        <span class="grow"></span>
        <button type="button" onClick=${() => askToSignIn(true)}>${say('Sign in again')}</button>
    </div>`}</div>`;
}
