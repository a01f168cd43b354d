import{qe,ZA}from"./main-bpfjydm5.js";import"./main-1kaxp590.js";export{qe as StateError,ZA as parseState};
