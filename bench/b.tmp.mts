import {benchEngine} from '/work/main/bench/src/engine.ts';
console.table(benchEngine('/work/shared/corpora',+process.argv[2]||3));
