// The pre-flight checks of the doctor: the playbook's steps and the control experiments, read off one model in the order a person would ask.

import { judgeHost } from '../coinbase/hosts.ts';
import type { ConnectionName } from '../core/fact.ts';
import type { Step } from '../core/finding.ts';
import type { Model } from '../core/model.ts';
import { plural, step } from './rule.ts';
import { unauthorizedSteps } from './steps.ts';

function hostChecks(model: Model): Step[] {
  const { settings } = model;
  if (settings === null) return [];
  const roles = [
    ['public', settings.publicUrl],
    ['user', settings.userUrl],
    ['rest', settings.restUrl],
  ] as const;
  return roles.map(([role, url]) => {
    const judged = judgeHost(url, role);
    const plain = model.plainTextHosts.some((host) => url.includes(host));
    const problem = judged.problem ?? (plain ? 'plain text beyond this machine: no token is sent there' : null);
    return step(
      `${role === 'rest' ? 'REST' : `${role} socket`} URL`,
      problem === null ? 'pass' : 'fail',
      problem ?? url,
    );
  });
}

function probeChecks(model: Model): Step[] {
  if (model.probes === null) return [step('Network', 'unknown', 'the control experiments did not finish in time')];
  return model.probes.results.map(({ name, target, result, detail, tookMs }) => {
    const took = tookMs === null ? '' : ` in ${Math.round(tookMs)} ms`;
    const outcome = result === 'skipped' ? 'unknown' : result;
    return step(
      `${name}${target === '' ? '' : ` ${target}`}`,
      outcome,
      `${detail}${result === 'pass' ? took : ''}`.trim(),
    );
  });
}

function permissionChecks(model: Model): Step[] {
  const told = model.ledger.permissions?.value;
  const needs = model.settings?.needs ?? [];
  if (model.key?.usable !== true) return [step('Permissions', 'unknown', 'no usable key')];
  if (told === undefined) return [step('Permissions', 'unknown', 'GET /key_permissions has not answered')];
  const has = { view: told.canView, trade: told.canTrade, transfer: told.canTransfer };
  const wanted = new Set(['view' as const, ...needs]);
  const checks = [...wanted].map((name) =>
    step(`Permission ${name}`, has[name] ? 'pass' : 'fail', has[name] ? 'granted' : 'not granted'),
  );
  const more = (['trade', 'transfer'] as const).filter((name) => has[name] && !wanted.has(name));
  if (more.length > 0)
    checks.push(
      step(
        'Least privilege',
        'unknown',
        `the key can also ${more.join(' and ')}; a view-only key is enough for watching`,
      ),
    );
  return checks;
}

function socketCheck(model: Model, name: ConnectionName): Step {
  const connection = model.connections[name];
  const text = `${name} socket`;
  if (connection.state === 'off') return step(text, 'unknown', connection.note);
  const close = model.closes.findLast((entry) => entry.connection === name && entry.cause !== 'asked');
  const beats = connection.heartbeat.beats;
  if (close !== undefined)
    return step(text, 'fail', `${close.errorCode ?? close.code ?? close.status ?? ''} ${close.detail}`.trim());
  if (connection.authRefusals > 0)
    return step(
      text,
      'fail',
      `${plural(connection.authRefusals, 'subscribe')} refused: ${connection.errors.at(-1)?.message ?? ''}`,
    );
  return step(
    text,
    beats > 0 ? 'pass' : 'unknown',
    beats > 0
      ? `open, ${plural(beats, 'heartbeat')}, ping ${Math.round(connection.pingMs ?? 0)} ms`
      : 'no heartbeat yet',
  );
}

/** Every check, in the order configuration → key → clock → network → permissions → sockets. */
export function checksOf(model: Model): Step[] {
  return [
    ...hostChecks(model),
    ...unauthorizedSteps(model),
    ...probeChecks(model),
    ...permissionChecks(model),
    socketCheck(model, 'public'),
    socketCheck(model, 'user'),
  ];
}
