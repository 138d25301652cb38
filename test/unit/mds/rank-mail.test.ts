import test from 'ava';
import { FsError } from '../../../common/errors/fs-error.ts';
import { RankMail } from '../../../mds/background/rank-mail.ts';
import { RankFixture } from '../../support/mds-rank.ts';

test('rank mail: the other rank is not ready, then refuses for good, then takes → said once, sent until it is taken', async (t) => {
  const { world, env, rank } = await new RankFixture().start();
  const { core, journal } = rank;
  const warned: string[] = [];
  let answers = 0;
  const mail = new RankMail(
    { ...env, log: { ...env.log, warn: (_fields, message) => warned.push(message) } },
    {
      core,
      journal,
      tell: () => {
        answers++;
        if (answers <= 3) return Promise.reject(new FsError('EAGAIN', 'not active yet', { retry: 'safe' }));
        if (answers <= 6) return Promise.reject(new FsError('EILSEQ', 'what the message needs is damaged'));
        return Promise.resolve();
      },
      onLost: (error) => t.fail(String(error)),
    },
  );
  core.commit(core.post(1, { kind: 'counts', ino: 5, counts: { bytes: 1, files: 1, subdirs: 0 } }));
  mail.start();
  await world.until(world.sleep(350));
  t.deepEqual([answers, warned.length], [4, 1]);
  await world.until(world.sleep(1_000));
  t.deepEqual([answers, warned.length, core.posted.size], [7, 1, 0]);
  mail.stop();
});
