import{fA,mA,gA,EA,yA}from"./main-kdq70es3.js";import{e}from"./main-n1srd0fz.js";var jA=e(function(a){Object.defineProperty(a,"__esModule",{value:!0});var r=fA(),o=mA(),u=gA(),c=EA(),t=yA(),l=[r.default,o.default,(0,u.default)(),c.default,t.metadataVocabulary,t.contentVocabulary];a.default=l});
export{jA};
