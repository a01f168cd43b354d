import{qe,ZA}from"./main-j7tq39pt.js";import"./main-ekcnm0q9.js";export{qe as StateError,ZA as parseState};
