/* Who are you? Leads on to where somebody wanted to go (?next=, of this site only), or to what they do most. */
import { LanguageChoice } from './language.js';
import { failed, html, render, TopBar, useState } from './parts.js';
import { homeOf, peekSession, samePlace, signOut } from './session.js';
import { NewPasswordForm, SignInForm } from './sign-in-form.js';
import { loadWords, say } from './words.js';

const next = samePlace(new URLSearchParams(location.search).get('next'));
const goOn = (session) => location.replace(next || homeOf(session.person));

function SignedIn({ session }) {
    const name = session.person.display || session.person.name;
    return html`<h1>${say('You are signed in as {name}', { name })}</h1>
        <div class="actions"><a class="button primary" href=${next || homeOf(session.person)}>${say('Go on')}</a>
            <button type="button" onClick=${() => signOut(next || '')}>${say('I am somebody else')}</button></div>`;
}

function SignIn({ session }) {
    const [change, setChange] = useState(null); /* the one-time password that has to be followed by an own one */
    if (change) {
        return html`<h1>${say('Choose a new password')}</h1>
            <p>${say('The one you were given is good for signing in once.')}</p>
            <${NewPasswordForm} current=${change.password} name=${change.name} onDone=${goOn} />`;
    }
    if (session.person) return html`<${SignedIn} session=${session} />`;
    return html`<h1>${say('Sign in')}</h1>
        <${SignInForm} onDone=${(signedIn, password) => (signedIn.person.must_change
            ? setChange({ password, name: signedIn.person.name }) : goOn(signedIn))} />
        <p class="soft">${say('Forgotten your password, or no name yet? An administrator can give you a one-time password.')}</p>`;
}

async function start() {
    const session = await peekSession();
    if (!session.sign_in) location.replace(next || '/');
    else if (session.needs_set_up) location.replace('/setup');
    else {
        const language = await loadWords();
        document.title = `${say('Sign in')} - Quarter`;
        render(html`<${TopBar} without="places"><${LanguageChoice} language=${language} /><//>
            <main class="account"><section class="card"><${SignIn} session=${session} /></section></main>`, document.getElementById('page'));
    }
}

start().catch(failed);
