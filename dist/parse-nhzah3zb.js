import{qe,ZA}from"./main-ppfnntkx.js";import"./main-6zphm3fp.js";export{qe as StateError,ZA as parseState};
