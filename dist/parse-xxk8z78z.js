import{qe,ZA}from"./main-qj571yv7.js";import"./main-ekcnm0q9.js";export{qe as StateError,ZA as parseState};
