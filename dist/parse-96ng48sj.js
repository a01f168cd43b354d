import{Qe,on}from"./main-742hv76r.js";import"./main-r7vc71d8.js";import"./main-q8xte4r2.js";export{Qe as StateError,on as parseState};
