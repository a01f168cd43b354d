import{Qe,on}from"./main-0a9vqaz1.js";import"./main-j4sm1y1t.js";import"./main-q8xte4r2.js";export{Qe as StateError,on as parseState};
