import{Te,nn}from"./main-6enex848.js";import"./main-31pe00f4.js";import"./main-xq97cfbv.js";export{Te as StateError,nn as parseState};
