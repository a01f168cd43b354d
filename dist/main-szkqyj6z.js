import{NA,OA,DA,RA,MA}from"./main-gzcb8mx0.js";import{e}from"./main-9mqrhtmm.js";var _A=e(function(a){Object.defineProperty(a,"__esModule",{value:!0});var r=NA(),o=OA(),u=DA(),c=RA(),t=MA(),l=[r.default,o.default,(0,u.default)(),c.default,t.metadataVocabulary,t.contentVocabulary];a.default=l});
export{_A};
