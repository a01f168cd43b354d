import{kA,IA,bA,wA,qA}from"./main-9zbwjjhf.js";import{e}from"./main-4dfa5d68.js";var vA=e(function(a){Object.defineProperty(a,"__esModule",{value:!0});var r=kA(),o=IA(),u=bA(),c=wA(),t=qA(),l=[r.default,o.default,(0,u.default)(),c.default,t.metadataVocabulary,t.contentVocabulary];a.default=l});
export{vA};
