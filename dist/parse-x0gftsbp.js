import{Qe,on}from"./main-yme0rhdp.js";import"./main-7a625w3r.js";import"./main-q8xte4r2.js";export{Qe as StateError,on as parseState};
