import{Me,gr}from"./main-pynza8zf.js";import"./main-r3pd81q0.js";import"./main-50bh08s8.js";export{Me as StateError,gr as parseState};
