import type { DeliveryView, NotificationsView, TestMessageView } from '@twinloop/client';
import { Type } from '@sinclair/typebox';
import type { DeliveryStatus } from '@twinloop/kernel';
import { define, type NativeScope } from './route.js';
import { EmptyBody } from './schemas.js';

const ChannelParams = Type.Object({ channel: Type.String() });
const DeliveryParams = Type.Object({ id: Type.String() });
const DeliveriesQuery = Type.Object(
  {
    channel: Type.Optional(Type.String({ maxLength: 63 })),
    state: Type.Optional(
      Type.Unsafe<DeliveryStatus>({ type: 'string', enum: ['queued', 'delivered', 'failed', 'given-up'] }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '100 when absent.' })),
  },
  { additionalProperties: false },
);

const Notifications = Type.Unsafe<NotificationsView>({ type: 'object', title: 'NotificationsView' });
const TestMessage = Type.Unsafe<TestMessageView>({ type: 'object', title: 'TestMessageView' });
const Delivery = Type.Unsafe<DeliveryView>({ type: 'object', title: 'DeliveryView' });
const Deliveries = Type.Unsafe<readonly DeliveryView[]>({
  type: 'array',
  items: { type: 'object', title: 'DeliveryView' },
});

/** Who is told what, and whether it arrived. */
export function notifyRoutes(scope: NativeScope): void {
  const tag = 'notifications';
  define(
    scope,
    'GET',
    '/notifications',
    { action: 'read', tag, summary: 'Channels and how they fare, without secrets', answer: Notifications },
    ({ service }) => service.notifications.view(),
  );
  define(
    scope,
    'GET',
    '/notifications/deliveries',
    {
      action: 'read',
      tag,
      summary: 'The delivery log, newest first',
      query: DeliveriesQuery,
      answer: Deliveries,
    },
    ({ service, query }) => service.notifications.deliveries(query),
  );
  define(
    scope,
    'POST',
    '/notifications/:channel/test',
    {
      action: 'operate',
      tag,
      summary: 'Send a message now and say what happened',
      params: ChannelParams,
      body: EmptyBody,
      answer: TestMessage,
    },
    ({ service, params }) => service.notifications.test(params.channel),
  );
  define(
    scope,
    'POST',
    '/notifications/deliveries/:id/retry',
    {
      action: 'operate',
      tag,
      summary: 'Try a delivery again now; one that was given up gets its full time anew',
      params: DeliveryParams,
      body: EmptyBody,
      answer: Delivery,
    },
    ({ service, params }) => service.notifications.retry(params.id),
  );
}
