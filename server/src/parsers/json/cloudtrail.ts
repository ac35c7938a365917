/** AWS CloudTrail records. */
import type { Logsource } from '@vedette/contracts';
import { canonicalAddress } from '../../normalise/address.ts';
import { anyTime, stamp } from '../time.ts';
import { isObject, text } from './document.ts';
import type { JsonShape } from './shape.ts';

const CLOUDTRAIL: Logsource = { product: 'aws', service: 'cloudtrail' };

export const cloudtrail: JsonShape = {
  name: 'aws-cloudtrail',
  sourceType: 'generic',
  recognise(document) {
    const known = document['eventSource'] !== undefined && document['eventName'] !== undefined;
    return known && (document['awsRegion'] !== undefined || isObject(document['userIdentity'])) ? 1 : 0;
  },
  read(document, event, context) {
    stamp(event, anyTime(document['eventTime']), document['eventTime'], context);
    const name = text(document['eventName']);
    event.dataset = 'aws.cloudtrail';
    event.provider = text(document['eventSource']);
    event.logsource = CLOUDTRAIL;
    event.action = name;
    event.sourceType = name === 'ConsoleLogin' ? 'auth' : 'generic';
    event.category = name === 'ConsoleLogin' ? 'authentication' : 'configuration';
    event.type = /^(Get|List|Describe|Head|Lookup)/.test(name) ? 'access' : 'change';
    event.outcome = document['errorCode'] === undefined ? 'success' : 'failure';
    const elements = document['responseElements'];
    if (isObject(elements) && elements['ConsoleLogin'] === 'Failure') event.outcome = 'failure';
    event.severity = event.outcome === 'failure' ? 5 : 2;
    event.userAgent = text(document['userAgent']);
    const from = text(document['sourceIPAddress']);
    const address = canonicalAddress(from);
    if (address !== '') event.sourceIp = address;
    else event.setExtra('source.domain', from);
    const identity = document['userIdentity'];
    if (isObject(identity)) {
      event.userName = text(identity['userName']) || text(identity['principalId']);
      event.setExtra('user.id', identity['arn']);
    }
    event.setExtra('cloud.region', document['awsRegion']);
    event.setExtra('cloud.account.id', document['recipientAccountId']);
    event.setExtra('cloud.provider', 'aws');
    event.message = `${event.provider} ${name}`;
    event.record = document;
    event.recordPrefix = 'aws.cloudtrail.';
  },
};
