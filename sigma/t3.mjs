import fs from 'fs';import {parseSigma,compileRules} from './src/index.ts';import {windowsView} from './src/conformance/windows-view.ts';
const C='/work/shared/corpora/',S=C+'sigma/';const docs=[];let t=performance.now();for(const d of ['rules','rules-emerging-threats','rules-threat-hunting'])for(const f of fs.readdirSync(S+d,{recursive:true}))if(f.endsWith('.yml'))docs.push(...parseSigma(fs.readFileSync(S+d+'/'+f,'utf8'),f).documents);
const {ruleset}=compileRules(docs);docs.length=0;
const cpu=()=>Number(fs.readFileSync('/proc/self/schedstat','utf8').split(' ')[0])/1e6;
const base=[];for(const l of fs.readFileSync(C+'otrf/INDEX.jsonl','utf8').trim().split('\n'))base.push(...fs.readFileSync(C+'otrf/'+JSON.parse(l).file,'utf8').split('\n').filter(Boolean));
let seed=1;const rnd=()=>{seed^=seed<<13;seed^=seed>>>17;seed^=seed<<5;return (seed>>>0)};
const hex=n=>{let s='';while(s.length<n)s+=rnd().toString(16).padStart(8,'0');return s.slice(0,n)};
function vary(l){return l.replace(/[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}/g,()=>hex(8)+'-'+hex(4)+'-'+hex(4)+'-'+hex(4)+'-'+hex(12)).replace(/0x[0-9a-fA-F]{4,}/g,m=>'0x'+hex(m.length-2)).replace(/\d{2}:\d{2}:\d{2}\.\d{3}/g,()=>`${10+rnd()%14}:${10+rnd()%50}:${10+rnd()%50}.${100+rnd()%900}`).replace(/(Process ?I[dD](?:\\t)*[":]+\s*"?)(\d+)/g,(m,a)=>a+(1000+rnd()%60000)).replace(/("(?:SourcePort|RecordNumber|EventRecordID|ThreadID|SourceHandleId)": "?)(\d+)/g,(m,a)=>a+(1000+rnd()%60000))}
const REP=+process.argv[2]||4;
const rnds=[];for(let r=0;r<REP;r++){const lines=base.map(vary);let s=cpu();const ev=lines.map(l=>JSON.parse(l));const tp=cpu()-s;const bytes=lines.reduce((a,l)=>a+Buffer.byteLength(l),0);
 s=cpu();let m=0;for(const e of ev){const en=ruleset.route({product:'windows',channel:e.Channel,code:e.EventID});if(en)m+=en.match(e).length}const tm=cpu()-s;
 s=cpu();let m2=0;for(const l of base.map(vary))0;const skip=cpu()-s;const l2=base.map(vary);s=cpu();for(const l of l2){const e=JSON.parse(l);e.Provider_Name??=e.SourceName;const en=ruleset.route({product:'windows',channel:e.Channel,code:e.EventID});if(en)m2+=en.match(e).length}const tb=cpu()-s;
 console.log(`parse ${(lines.length/tp*1e3).toFixed(0)} match ${(lines.length/tm*1e3).toFixed(0)} both ${(lines.length/tb*1e3).toFixed(0)} ev/s ${(bytes/tb/1e3).toFixed(0)}MB/s m ${m} ${m2}`)}
console.log(process.memoryUsage().rss/1e6);
