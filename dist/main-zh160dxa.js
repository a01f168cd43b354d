import{e}from"./main-hf551bf8.js";import{Ue,He,Ve,ze,Ye}from"./main-74j3t5de.js";var Le=e(function(a){Object.defineProperty(a,"__esModule",{value:!0});var r=Ue(),o=He(),u=Ve(),c=ze(),t=Ye(),l=[r.default,o.default,(0,u.default)(),c.default,t.metadataVocabulary,t.contentVocabulary];a.default=l});
export{Le};
