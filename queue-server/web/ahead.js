/* What a page asks the server first is asked while its scripts are still on their way (see first.js). Each of these
 * answers is for whoever fetches that path first; from then on it is asked for anew. */
const asked = new Map();

export function askAhead(path, options) {
    const answer = fetch(path, options);
    answer.catch(() => {}); /* is told to whoever takes it */
    asked.set(path, answer);
}

export function fetchFirst(path, options) {
    const answer = asked.get(path);
    asked.delete(path);
    return answer || fetch(path, options);
}
