import{qe,ZA}from"./main-r91cjhsr.js";import"./main-ekcnm0q9.js";export{qe as StateError,ZA as parseState};
