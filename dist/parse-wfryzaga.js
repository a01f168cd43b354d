import{qe,ZA}from"./main-vfk9jqe8.js";import"./main-ekcnm0q9.js";export{qe as StateError,ZA as parseState};
