// What the SDK's methods do not set they do not read: their frames need no zeros.
[module: System.Runtime.CompilerServices.SkipLocalsInit]
