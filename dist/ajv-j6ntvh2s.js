import{Ct}from"./main-6rhtmndy.js";import"./main-x18z1dnt.js";import"./main-jhkcz1b8.js";export default Ct();
