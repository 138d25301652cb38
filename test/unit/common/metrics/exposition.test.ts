import test from 'ava';
import { expose } from '../../../../common/metrics/exposition.ts';

test('exposition: counters and gauges with labels → the text that Prometheus reads', (t) => {
  const text = expose([
    { name: 'a_total', type: 'counter', help: 'Things\nof \\ a kind.', samples: [{ value: 3 }] },
    {
      name: 'b',
      type: 'gauge',
      help: 'More.',
      samples: [
        { labels: { rank: 0, client: 'client."a"\\\n' }, value: 1.5 },
        { labels: { rank: 1 }, value: Infinity },
      ],
    },
    { name: 'c', type: 'gauge', help: 'None.', samples: [] },
  ]);
  t.is(
    text,
    String.raw`# HELP a_total Things\nof \\ a kind.
# TYPE a_total counter
a_total 3
# HELP b More.
# TYPE b gauge
b{rank="0",client="client.\"a\"\\\n"} 1.5
b{rank="1"} +Inf
`,
  );
});

test('exposition: a name that says the wrong type, or is none → refused', (t) => {
  for (const [name, type] of [
    ['a', 'counter'],
    ['a_total', 'gauge'],
    ['A', 'gauge'],
    ['a-b', 'gauge'],
  ] as const)
    t.throws(() => expose([{ name, type, help: '', samples: [] }]), undefined, name);
});
