import{Ct}from"./main-0s3szz79.js";import"./main-cpy3pj1j.js";import"./main-hthdxdss.js";export default Ct();
