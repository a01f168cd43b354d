var i=/^::(?:add-mask|debug|error|warning|notice|group|endgroup)(?: [^\r\n]*?)?::[^\r\n]*\r?\n$/;function Pn(r){for(let t of[process.stdout,process.stderr]){let{write:n}=t;Object.defineProperty(t,"write",{value:(e,...s)=>{let o=typeof e==="string"?e:new TextDecoder().decode(e);return Reflect.apply(n,t,[i.test(o)?o:c(o,r),...s])}})}}function c(r,t){return r.split(/\r?\n/).map((n)=>t(n)).join(`
`)}function C(r){process.stdout.write(`${r}
`)}async function Gr(r){let t=await import("./core-y4sv3kqe.js");t.error(r)}function $r(r){process.stdout.write("",()=>process.stderr.write("",()=>process.exit(r)))}
export{Pn,C,Gr,$r};
