import{Me,gr}from"./main-aa8k1qqk.js";import"./main-r3pd81q0.js";import"./main-50bh08s8.js";export{Me as StateError,gr as parseState};
