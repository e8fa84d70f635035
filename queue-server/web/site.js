/* The site is changed while pages are open: a view names the one in force, and each is asked for once. */
import { useEffect, useRef, useState } from './parts.js';

export function useSite(first, view) {
    const [site, setSite] = useState(first);
    const asked = useRef(first.hash);
    const wanted = (view && view.site_hash) || first.hash;
    useEffect(() => {
        if (wanted === asked.current) return;
        asked.current = wanted;
        fetch('/api/site').then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))).then(setSite).catch(() => {
            asked.current = ''; /* with the next view, then */
        });
    }, [wanted, view]);
    return site;
}
