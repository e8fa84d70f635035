/* The site is changed while pages are open: a view names the one in force, and each is asked for once. */
import { useEffect, useRef, useState } from './html.js';

/* To begin with; openSession() goes before it, since not everybody may ask. */
export async function readSite() {
    const answer = await fetch('/api/site');
    if (!answer.ok) throw new Error(`/api/site: ${answer.status}`);
    return answer.json();
}

export function useSite(first, view) {
    const [site, setSite] = useState(first);
    const asked = useRef(first.hash);
    const wanted = (view && view.site_hash) || first.hash;
    useEffect(() => {
        if (wanted === asked.current) return;
        asked.current = wanted;
        readSite().then(setSite).catch(() => {
            asked.current = ''; /* with the next view, then */
        });
    }, [wanted, view]);
    return site;
}
