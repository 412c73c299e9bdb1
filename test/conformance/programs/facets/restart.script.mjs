export const config = { bindings: { PARENT: 'Parent' }, classes: { Parent: { sqlite: true } } };

export const cases = [
  {
    name: 'S1.15.5 what facets wrote is there after a restart, whichever starts first',
    steps: async (t) => {
      await t.fetch('/increment?object=a&name=first');
      await t.fetch('/increment?object=a&name=second');
      await t.fetch('/increment?object=a&name=second');
      await t.fetch('/nested?object=a&name=third');
      await t.restart();
      await t.fetch('/nested?object=a&name=third');
      await t.fetch('/increment?object=a&name=new');
      await t.fetch('/increment?object=a&name=second');
      await t.fetch('/increment?object=a&name=first');
      await t.restart();
      await t.fetch('/increment?object=a&name=new');
      await t.fetch('/increment?object=a&name=first');
    },
  },
  {
    name: 'S1.15.5 the facets of two objects are two',
    steps: async (t) => {
      await t.fetch('/increment?object=b&name=same');
      await t.fetch('/increment?object=c&name=other');
      await t.fetch('/increment?object=c&name=same');
      await t.restart();
      await t.fetch('/increment?object=c&name=same');
      await t.fetch('/increment?object=b&name=same');
    },
  },
  {
    name: 'S1.15.3 what was deleted is gone after a restart',
    steps: async (t) => {
      await t.fetch('/nested?object=d&name=kept');
      await t.fetch('/put?object=d&name=gone');
      await t.fetch('/nested?object=d&name=gone');
      await t.fetch('/delete?object=d&name=gone');
      await t.restart();
      await t.fetch('/nested?object=d&name=gone');
      await t.fetch('/nested?object=d&name=kept');
    },
  },
  {
    name: 'S1.15.3 facets that do not run are deleted',
    steps: async (t) => {
      await t.fetch('/put?object=e&name=gone');
      await t.fetch('/nested?object=e&name=gone');
      await t.restart();
      await t.fetch('/delete?object=e&name=gone');
      await t.restart();
      await t.fetch('/nested?object=e&name=gone');
    },
  },
  {
    name: 'S3.9.1 S1.15.5 deleteAll of the parent deletes facets that do not run',
    steps: async (t) => {
      await t.fetch('/own?object=f');
      await t.fetch('/put?object=f&name=gone');
      await t.fetch('/nested?object=f&name=gone');
      await t.restart();
      await t.fetch('/delete-all?object=f');
      await t.fetch('/read-own?object=f');
      await t.fetch('/nested?object=f&name=gone');
      await t.restart();
      await t.fetch('/nested?object=f&name=gone');
    },
  },
  {
    name: 'S3.9.1 S1.15.5 deleteAll of the parent deletes facets that run',
    steps: async (t) => {
      await t.fetch('/put?object=g&name=gone');
      await t.fetch('/nested?object=g&name=gone');
      await t.fetch('/delete-all?object=g');
      await t.restart();
      await t.fetch('/nested?object=g&name=gone');
    },
  },
  {
    name: 'S1.15.5 a reset of the parent aborts its facets',
    steps: async (t) => {
      await t.fetch('/increment?object=h&name=x');
      await t.fetch('/memory?object=h&name=x');
      await t.fetch('/reset?object=h&name=x');
      await t.fetch('/memory?object=h&name=x');
      await t.fetch('/increment?object=h&name=x');
    },
  },
];
