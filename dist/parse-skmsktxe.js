import{Pe,Er}from"./main-x5e9j8qz.js";import"./main-mjpw3t3j.js";import"./main-vzmrkmrv.js";export{Pe as StateError,Er as parseState};
