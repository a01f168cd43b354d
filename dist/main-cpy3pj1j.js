import{e}from"./main-8s5d0wfm.js";import{Ue,He,Ve,ze,Ye}from"./main-hthdxdss.js";var Le=e(function(a){Object.defineProperty(a,"__esModule",{value:!0});var r=Ue(),o=He(),u=Ve(),c=ze(),t=Ye(),l=[r.default,o.default,(0,u.default)(),c.default,t.metadataVocabulary,t.contentVocabulary];a.default=l});
export{Le};
