import { attachment, createdContext, createdTarget, permissionSetting } from '../param-rules.ts'
import type { MethodGroup } from './method-group.ts'

/** The browser around the pages: targets, windows, permissions, prompts; and the input. */
export const browser: readonly MethodGroup[] = [
  {
    class: 'hold',
    why: 'it is input, which is held in the order it came in; mere movement passes there',
    methods: [
      'Input.cancelDragging',
      'Input.dispatchDragEvent',
      'Input.dispatchKeyEvent',
      'Input.dispatchMouseEvent',
      'Input.dispatchTouchEvent',
      'Input.emulateTouchFromMouseEvent',
      'Input.imeSetComposition',
      'Input.insertText',
      'Input.setInterceptDrags',
      'Input.synthesizePinchGesture',
      'Input.synthesizeScrollGesture',
      'Input.synthesizeTapGesture',
    ],
  },
  {
    class: 'deny',
    why: 'it shuts out the input of the supervisor too',
    methods: ['Input.setIgnoreInputEvents'],
  },
  {
    class: 'allow',
    why: 'it looks at the targets of the run, or leaves them; others are out of its sight',
    methods: [
      'Target.activateTarget',
      'Target.closeTarget',
      'Target.detachFromTarget',
      'Target.disposeBrowserContext',
      'Target.getBrowserContexts',
      'Target.getTargetInfo',
      'Target.getTargets',
      'Target.setDiscoverTargets',
    ],
  },
  {
    class: 'allow',
    why: 'sessions are always flat: a command inside of a message would not be judged',
    rule: attachment,
    methods: ['Target.attachToTarget', 'Target.setAutoAttach'],
  },
  {
    class: 'allow',
    why: 'it opens another root session, on which no more is open than on the first; Playwright takes one for sessions that its user asks for',
    methods: ['Target.attachToBrowserTarget'],
  },
  {
    class: 'allow',
    why: 'a new page is armed before it runs; only web addresses, and no hidden pages',
    rule: createdTarget,
    methods: ['Target.createTarget'],
  },
  {
    class: 'allow',
    why: 'a context is a fresh profile; a proxy of its own and access across origins are left out',
    rule: createdContext,
    methods: ['Target.createBrowserContext'],
  },
  {
    class: 'answer',
    why: 'clients ask for it, and there are no developer tools: nothing is returned',
    methods: ['Target.getDevToolsTarget'],
  },
  {
    class: 'answer',
    why: 'the developer tools inside of a client switch it on at the start; it shows what the browser keeps to fill in, so it stays off',
    methods: ['Autofill.disable', 'Autofill.enable', 'Autofill.setAddresses'],
  },
  {
    class: 'deny',
    why: 'it opens a way to the browser that goes past the gateway',
    instead: 'Use flat sessions: Target.attachToTarget with flatten.',
    methods: [
      'Target.autoAttachRelated',
      'Target.exposeDevToolsProtocol',
      'Target.openDevTools',
      'Target.sendMessageToTarget',
      'Target.setRemoteLocations',
    ],
  },
  {
    class: 'answer',
    why: "the browser is not the agent's to close: its pages are closed in its place",
    methods: ['Browser.close'],
  },
  {
    class: 'allow',
    why: 'it says what the browser is, or moves its windows',
    methods: [
      'Browser.getGlobalPrivacyControl',
      'Browser.getVersion',
      'Browser.getWindowBounds',
      'Browser.getWindowForTarget',
      'Browser.setContentsSize',
      'Browser.setWindowBounds',
    ],
  },
  {
    class: 'allow',
    why: 'it takes back what was granted or begun',
    methods: ['Browser.cancelDownload', 'Browser.resetPermissions', 'DeviceAccess.cancelPrompt'],
  },
  {
    class: 'hold',
    why: 'it answers a browser prompt that is meant for a person',
    rule: permissionSetting,
    methods: ['Browser.grantPermissions', 'Browser.setPermission'],
  },
  {
    class: 'hold',
    why: 'it answers a browser prompt that is meant for a person',
    methods: [
      'Autofill.trigger',
      'DeviceAccess.selectPrompt',
      'FedCm.clickDialogButton',
      'FedCm.dismissDialog',
      'FedCm.openUrl',
      'FedCm.resetCooldown',
      'FedCm.selectAccount',
    ],
  },
  {
    class: 'allow',
    why: 'it lets the session hear of browser prompts; answering them is held',
    methods: ['DeviceAccess.disable', 'DeviceAccess.enable', 'FedCm.disable', 'FedCm.enable'],
  },
  {
    class: 'hold',
    why: 'a tool of a page does what a click in it would',
    methods: ['WebMCP.invokeTool'],
  },
  {
    class: 'allow',
    why: 'it lists the tools of a page, or gives one up; invoking one is held',
    methods: ['WebMCP.cancelInvocation', 'WebMCP.disable', 'WebMCP.enable'],
  },
  {
    class: 'deny',
    why: 'it ends or crashes the browser, also for other runs',
    methods: ['Browser.crash', 'Browser.crashGpuProcess'],
  },
  {
    class: 'deny',
    why: 'it tells how this computer or Holdpoint is set up, or what other runs do',
    methods: ['Browser.getBrowserCommandLine', 'Browser.getHistogram', 'Browser.getHistograms'],
  },
  {
    class: 'deny',
    why: "it changes the browser itself, which is not the agent's",
    methods: [
      'Browser.addMockCamera',
      'Browser.addPrivacySandboxEnrollmentOverride',
      'Browser.executeBrowserCommand',
      'Browser.setDockTile',
      'Browser.setGlobalPrivacyControl',
    ],
  },
]
