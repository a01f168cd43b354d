import{OA,TA,RA,MA,PA}from"./main-e6rtrzaj.js";import{e}from"./main-rh0r3f35.js";var FA=e(function(a){Object.defineProperty(a,"__esModule",{value:!0});var r=OA(),o=TA(),u=RA(),c=MA(),t=PA(),l=[r.default,o.default,(0,u.default)(),c.default,t.metadataVocabulary,t.contentVocabulary];a.default=l});
export{FA};
