#!/usr/bin/env python3
"""Compare dispatch policies on the five traces (and on N further random days). Usage: policies.py [N]"""
import sys, os, math, csv, json, tempfile, statistics as st
BASE=os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "traces"); TMP=tempfile.mkdtemp()
from desk import *
import gen_traces as G
site=Site(BASE+"/site.json")
def metrics(done):
    m={}
    prim=[k for k in done if k.cls!=X]
    served=[k for k in prim if k.out=="served"]; w=[max(0,k.start-k.r)/60 for k in served]
    left=[k for k in prim if k.out=="left"]
    # observable facts only: told us they leave within 15 min, or first called within 15 min and not there: excluded; a no-show first called later: missed
    short=[k for k in left if (k.silent and k.start is not None and k.start-k.r<=SL_S) or (not k.silent and k.leave-k.r<=SL_S) or (k.silent and k.start is None and k.leave-k.r<=SL_S)]
    den=len(prim)-len(short)
    m["n"]=den; m["ok"]=sum(x<=15 for x in w); m["left"]=len(left); m["w"]=w; m["tot"]=len(prim)
    m["x"]=sum(max(0,x-15) for x in w)
    m["slips"]=[k.slips for k in served]; m["slipmax"]=[k.slip_max/60 for k in served]
    m["cls"]={c:[(max(0,k.start-k.r)/60) for k in done if k.cls==c and k.out=="served"] for c in range(5)}
    m["svc"]={s:[(max(0,k.start-k.r)/60) for k in served if k.svc==s] for s in range(len(site.svc))}
    m["svcn"]={s:sum(1 for k in prim if k.svc==s and not(k.out=="left" and k.leave-k.r<=SL_S)) for s in range(len(site.svc))}
    return m
def q(x,p):
    x=sorted(x); 
    if not x: return float('nan')
    i=(len(x)-1)*p; a=int(i); return x[a]+(x[min(a+1,len(x)-1)]-x[a])*(i-a)
def agg(M):
    w=[x for m in M for x in m["w"]]
    return dict(SL=sum(m["ok"] for m in M)/sum(m["n"] for m in M), mean=sum(w)/len(w), p50=q(w,.5), p90=q(w,.9), p95=q(w,.95), max=max(w), excess=sum(m["x"] for m in M)/len(w),
        left=sum(m["left"] for m in M)/sum(m["tot"] for m in M), slip_mean=st.mean([x for m in M for x in m["slips"]]), slip_max=max(x for m in M for x in m["slips"]), over=max(x for m in M for x in m["slipmax"]))
def run_days(days, pols):
    res={p:[] for p in pols}
    for T_path in days:
        for p in pols:
            if isinstance(T_path,str): T,_=load_day(site,T_path)
            else:
                G.write(TMP+"/day.csv",G.day(*T_path)); T,_=load_day(site,TMP+"/day.csv")
            res[p].append(metrics(replay(site,T,POL[p])))
    return res
if __name__=="__main__":
    print("csv files in", TMP)
    pols=list(POL)
    R=run_days([f"{BASE}/day_{d:02d}.csv" for d in range(1,6)],pols)
    out=[]
    print("== the traces =="); print(f"{'policy':10s} {'SL15':>6s} {'mean':>6s} {'P50':>5s} {'P90':>5s} {'P95':>6s} {'max':>6s} {'E(W-15)+':>8s} {'left%':>6s} {'slips':>6s} {'maxsl':>5s} {'overtk':>6s} | SL by class N/V/A/U | P95 N")
    for p in pols:
        a=agg(R[p]); c={k:[x for m in R[p] for x in m['cls'][k]] for k in range(5)}
        f=lambda k: sum(x<=15 for x in c[k])/len(c[k])
        print(f"{p:9s} {a['SL']:6.3f} {a['mean']:6.2f} {a['p50']:5.1f} {a['p90']:5.1f} {a['p95']:6.1f} {a['max']:6.1f} {a['excess']:8.2f} {100*a['left']:6.2f} {a['slip_mean']:6.2f} {a['slip_max']:5d} {a['over']:6.1f} | {f(0):.3f} {f(1):.3f} {f(2):.3f} {f(3):.3f} | {q(c[0],.95):.1f}")
        out.append(dict(policy=p,**{k:round(v,4) for k,v in a.items()},SL_normal=round(f(0),4),SL_assisted=round(f(1),4),SL_appointment=round(f(2),4),SL_urgent=round(f(3),4)))
    with open(TMP+"/policy_results.csv","w",newline="") as fo: w=csv.DictWriter(fo,out[0].keys()); w.writeheader(); w.writerows(out)
    print("\n== per service (the traces): SL15 / mean / P95 ==")
    with open(TMP+"/policy_by_service.csv","w",newline="") as fo:
        wr=csv.writer(fo); wr.writerow(["policy","service","n","SL15","mean_min","P95_min","max_min"])
        for p in pols:
            line=[]
            for s,nm in enumerate(site.svc):
                w=[x for m in R[p] for x in m['svc'][s]]; n=sum(m['svcn'][s] for m in R[p])
                wr.writerow([p,nm,n,round(sum(x<=15 for x in w)/n,4),round(st.mean(w),2),round(q(w,.95),1),round(max(w),1)])
                line.append(f"{nm[:8]} {sum(x<=15 for x in w)/n:.2f}/{st.mean(w):.1f}/{q(w,.95):.0f}")
            print(f"{p:9s}", " | ".join(line))
    print("\n== per day SL15 ==")
    for p in pols: print(f"{p:9s}"," ".join(f"{m['ok']/m['n']:.2f}" for m in R[p]))
    nd=int(sys.argv[1]) if len(sys.argv)>1 else 0
    if nd:
        R=run_days([(5000+i,i%5) for i in range(nd)],pols); base=[m['ok']/m['n'] for m in R['FIFO']]
        print(f"\n== {nd} further days: pooled, paired difference in daily SL15 against FIFO (95% CI) ==")
        for p in pols:
            a=agg(R[p]); d=[m['ok']/m['n']-b for m,b in zip(R[p],base)]; se=st.stdev(d)/len(d)**.5 if p!='FIFO' else 0
            c={k:[x for m in R[p] for x in m['cls'][k]] for k in range(5)}; f=lambda k: sum(x<=15 for x in c[k])/len(c[k])
            hit=sum(m['ok']/m['n']>=.9 for m in R[p])/nd
            print(f"{p:9s} SL {a['SL']:.4f}  d {100*st.mean(d):+.2f}+-{196*se:.2f} pp  mean {a['mean']:.2f} P90 {a['p90']:.1f} P95 {a['p95']:.1f} max {a['max']:.0f} excess {a['excess']:.2f} left {100*a['left']:.2f}% slips {a['slip_mean']:.2f}/{a['slip_max']} overtake {a['over']:.0f} | N {f(0):.3f} V {f(1):.3f} A {f(2):.3f} U {f(3):.3f} | days>=90%: {hit:.2f}")
