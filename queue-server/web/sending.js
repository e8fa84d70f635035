/* A command that is not answered yet: said at once when it has to be sent again, and after some seconds with the ways out
 * of it. Whoever gives up is told what that means: nobody knows whether it was done. */
import { html, useEffect, useRef, useState } from './html.js';
import { command } from './live.js';
import { useSession } from './session.js';
import { mark, say } from './words.js';

function NotThrough({ what, retrying }) {
    const box = useRef(null);
    const before = useRef(document.activeElement);
    useEffect(() => () => { /* whoever pressed in here goes on where they were */
        const back = before.current;
        if (box.current && box.current.contains(document.activeElement) && back && back.isConnected && back !== document.body) back.focus();
    }, []);
    return html`<div class="notice warn not-through" ref=${box} role="alert">
        <p>${say('Not through yet: {what}. It is sent again and again until the queue server answers; the queue goes on meanwhile.', { what })}</p>
        <div class="actions"><button type="button" onClick=${retrying.again}>${say('Try again')}</button>
            <button type="button" onClick=${retrying.giveUp}>${say('Give up')}</button></div>
        <p class="why">${say('Giving up does not take it back: it may have been done all the same.')}</p>
    </div>`;
}

/* retrying: as command() tells it; what: in the reader's words. */
export function Sending({ retrying, what }) {
    const { lost } = useSession(); /* then it waits for somebody to sign in, and that is said elsewhere */
    if (!retrying) return null;
    return retrying.giveUp && !lost ? html`<${NotThrough} what=${what} retrying=${retrying} />`
        : html`<p class="notice warn" role="status">${say('Sending again: {what}', { what })}</p>`;
}

/* Why a command was not done, as far as anybody knows. */
export function refusalText(answer, what) {
    if (answer.givenUp) return say('Given up: {what}. It may have been done all the same: look before you do it again.', { what });
    return say((answer.body && answer.body.detail) || mark('That did not work.'));
}

/* For forms that send one command: send(path, body, what) gives its answer; sending is what <Sending> shows; giveUp() tells
 * whether there was something to give up. What is shown no more is given up: nothing is done behind a form that was left. */
export function useSending() {
    const [sending, setSending] = useState({ retrying: false, what: '' });
    const underWay = useRef(new Set());
    const send = async (path, body, what) => {
        const sent = command(path, body, (retrying) => setSending({ retrying, what }));
        underWay.current.add(sent);
        const answer = await sent;
        underWay.current.delete(sent);
        return answer;
    };
    const giveUp = () => {
        const all = [...underWay.current];
        all.forEach((sent) => sent.giveUp());
        return all.length > 0;
    };
    useEffect(() => () => giveUp(), []);
    return { sending, send, giveUp };
}
