self.tideTable = [4.1, 0.7, 3.9, 0.8];
