var i=/^::(?:add-mask|debug|error|warning|notice|group|endgroup)(?: [^\r\n]*?)?::[^\r\n]*\r?\n$/;function Or(r){for(let t of[process.stdout,process.stderr]){let{write:n}=t;Object.defineProperty(t,"write",{value:(e,...s)=>{let o=typeof e==="string"?e:new TextDecoder().decode(e);return Reflect.apply(n,t,[i.test(o)?o:c(o,r),...s])}})}}function c(r,t){return r.split(/\r?\n/).map((n)=>t(n)).join(`
`)}function b(r){process.stdout.write(`${r}
`)}async function WA(r){let t=await import("./core-yks8b4j0.js");t.error(r)}function YA(r){process.stdout.write("",()=>process.stderr.write("",()=>process.exit(r)))}
export{Or,b,WA,YA};
