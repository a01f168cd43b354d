import{qe,ZA}from"./main-3w8c0e0w.js";import"./main-ekcnm0q9.js";export{qe as StateError,ZA as parseState};
