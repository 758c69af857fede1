/** What whoever is on duty has done from the overview. */
import { alertsTest, supportBundle } from '../../api/health.ts';
import { told, type Deed } from '../../desk/deed.ts';
import type { Words } from '../../words/words.svelte.ts';

export const bundling = (w: Words): Deed => ({
  title: w.care.bundle,
  says: w.care.bundleSays,
  button: w.care.bundle,
  run: async (_, client) =>
    told(await client.ask(supportBundle()), ({ download }) => ({
      wrong: false,
      lines: [w.care.bundleDone],
      file: { name: 'casella-support.zip', href: download, label: w.common.download },
    })),
  done: w.care.bundleDone,
});

export const testingAlerts = (w: Words): Deed => ({
  title: w.care.testAlerts,
  says: w.care.testAlertsSays,
  button: w.care.testAlerts,
  run: async (_, client) =>
    told(await client.ask(alertsTest()), (channels, wrong) => ({
      wrong,
      lines: channels.map(({ channel, ended }) => w.care.channel(channel, ended)),
    })),
  done: w.care.testAlertsDone,
});
